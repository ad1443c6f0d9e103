terraform {
  required_version = ">= 1.9"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 5.2, < 6"
    }
  }

  # Account, container and key come with `init -backend-config`, from the action or by hand: each environment has its own key.
  backend "azurerm" {
    # The account has no keys.
    use_azuread_auth = true
  }
}
