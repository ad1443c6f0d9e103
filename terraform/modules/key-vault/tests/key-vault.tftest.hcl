mock_provider "azurerm" {
  mock_resource "azurerm_key_vault" {
    defaults = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.KeyVault/vaults/mayfly" }
  }
}

variables {
  name                = "mayfly-pr-12-abcdef"
  resource_group_name = "g"
  location            = "westeurope"
  tenant_id           = "72f988bf-0000-4000-8000-2d7cd011db47"
}

run "goes_by_roles" {
  variables {
    secrets_user_principals    = { workload = { object_id = "aaaaaaaa-0000-4000-8000-000000000001", type = "ServicePrincipal" } }
    secrets_officer_principals = { team = { object_id = "aaaaaaaa-0000-4000-8000-000000000002", type = "Group" } }
  }

  assert {
    condition     = azurerm_key_vault.this.rbac_authorization_enabled
    error_message = "Expected roles, not access policies."
  }
  assert {
    condition     = endswith(azurerm_role_assignment.secrets_user["workload"].role_definition_id, "/4633458b-17de-408a-b874-0445c86b69e6")
    error_message = "Expected Key Vault Secrets User, got ${azurerm_role_assignment.secrets_user["workload"].role_definition_id}."
  }
  assert {
    condition     = endswith(azurerm_role_assignment.secrets_officer["team"].role_definition_id, "/b86a8fe4-44ce-4948-aee5-eccb2c155cd7") && azurerm_role_assignment.secrets_officer["team"].principal_type == "Group"
    error_message = "Expected Key Vault Secrets Officer, got ${azurerm_role_assignment.secrets_officer["team"].role_definition_id}."
  }
}

run "can_be_purged" {
  command = plan

  assert {
    condition     = !azurerm_key_vault.this.purge_protection_enabled && azurerm_key_vault.this.soft_delete_retention_days == 7 && length(azurerm_key_vault.this.network_acls) == 0
    error_message = "A preview's vault must free its name."
  }
}

run "answers_only_from_some_ranges" {
  command = plan

  variables {
    allowed_ip_ranges = ["203.0.113.0/24"]
  }

  assert {
    condition     = azurerm_key_vault.this.network_acls[0].default_action == "Deny" && contains(azurerm_key_vault.this.network_acls[0].ip_rules, "203.0.113.0/24")
    error_message = "Expected the rest to be denied."
  }
}

run "refuses_ranges_that_nothing_comes_from" {
  command = plan

  variables {
    public_network_access_enabled = false
    allowed_ip_ranges             = ["203.0.113.0/24"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "refuses_two_hyphens" {
  command = plan

  variables {
    name = "mayfly--pr"
  }
  expect_failures = [var.name]
}

run "refuses_a_short_retention" {
  command = plan

  variables {
    soft_delete_retention_days = 1
  }
  expect_failures = [var.soft_delete_retention_days]
}
