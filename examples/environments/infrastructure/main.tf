terraform {
  required_version = ">= 1.9"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 5.2, < 6"
    }
  }

  # Account, container and key come from the action.
  backend "azurerm" {
    use_azuread_auth = true
  }
}

provider "azurerm" {
  features {
    # What Azure was still making when a run was cancelled stays in the state.
    persist_id_on_create_before_polling_for_completion = true

    resource_group {
      # An environment goes with everything in it.
      prevent_deletion_if_contains_resources = false
    }
  }
}

variable "environment" {
  description = "The environment's name. The action sets it."
  type        = string
}

variable "tags" {
  description = "Tags of the group, with its end. The action sets them."
  type        = map(string)
}

resource "azurerm_resource_group" "this" {
  name     = "shop-${var.environment}"
  location = "westeurope"
  tags     = var.tags

  # An extension is no drift, and no apply undoes it.
  lifecycle {
    ignore_changes = [tags["expires-at"]]
  }
}

# What else an environment is made of comes here, in this group.

output "resource_group_name" {
  description = "The environment's group."
  value       = azurerm_resource_group.this.name
}
