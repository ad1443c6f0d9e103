mock_provider "azurerm" {
  mock_resource "azurerm_storage_account" {
    defaults = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/mayfly" }
  }
}

variables {
  name                = "mayflyfoundationabcdef"
  resource_group_name = "g"
  location            = "westeurope"
  containers          = ["tfstate", "foundation"]
}

run "has_no_key_and_nothing_public" {
  assert {
    condition     = !azurerm_storage_account.this.shared_access_key_enabled && !azurerm_storage_account.this.allow_nested_items_to_be_public && !azurerm_storage_account.this.local_user_enabled
    error_message = "Expected roles to be the only way in."
  }
  assert {
    condition     = alltrue([for container in azurerm_storage_container.this : container.container_access_type == "private"])
    error_message = "Expected private containers."
  }
}

run "brings_back_what_was_lost" {
  variables {
    retention_days = 14
  }

  assert {
    condition     = azurerm_storage_account.this.blob_properties[0].versioning_enabled && azurerm_storage_account.this.blob_properties[0].delete_retention_policy[0].days == 14 && azurerm_storage_account.this.blob_properties[0].container_delete_retention_policy[0].days == 14
    error_message = "Expected versions, and soft delete of blobs and containers."
  }
  assert {
    condition     = azurerm_storage_management_policy.this.rule[0].actions[0].version[0].delete_after_days_since_creation == 14
    error_message = "Expected old versions to go at last."
  }
  assert {
    condition     = toset(keys(output.container_ids)) == toset(["tfstate", "foundation"])
    error_message = "Expected an id for each container, got ${jsonencode(keys(output.container_ids))}."
  }
}

run "refuses_a_name_that_azure_would" {
  command = plan

  variables {
    name = "mayfly-foundation"
  }
  expect_failures = [var.name]
}

run "refuses_a_container_that_azure_would" {
  command = plan

  variables {
    containers = ["a--b"]
  }
  expect_failures = [var.containers]
}

run "refuses_no_retention" {
  command = plan

  variables {
    retention_days = 0
  }
  expect_failures = [var.retention_days]
}

run "refuses_an_unknown_replication" {
  command = plan

  variables {
    replication_type = "zrs"
  }
  expect_failures = [var.replication_type]
}
