mock_provider "azurerm" {
  mock_resource "azurerm_container_registry" {
    defaults = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/mayfly" }
  }
}

variables {
  name                = "mayflypr12abcdef"
  resource_group_name = "g"
  location            = "westeurope"
}

run "lets_in_whom_it_is_told" {
  variables {
    pull_principals = { kubelet = { object_id = "aaaaaaaa-0000-4000-8000-000000000001", type = "ServicePrincipal" } }
    push_principals = { previews = { object_id = "aaaaaaaa-0000-4000-8000-000000000002" } }
  }

  assert {
    condition     = endswith(azurerm_role_assignment.pull["kubelet"].role_definition_id, "/7f951dda-4ed3-4680-a7ca-43fe172d538d") && azurerm_role_assignment.pull["kubelet"].scope == azurerm_container_registry.this.id
    error_message = "Expected AcrPull on the registry, got ${azurerm_role_assignment.pull["kubelet"].role_definition_id}."
  }
  assert {
    condition     = azurerm_role_assignment.pull["kubelet"].principal_type == "ServicePrincipal"
    error_message = "An identity that was just made is found by its type alone."
  }
  assert {
    condition     = endswith(azurerm_role_assignment.push["previews"].role_definition_id, "/8311e382-0749-4cb8-b61a-304f252e45ec") && azurerm_role_assignment.push["previews"].principal_id == "aaaaaaaa-0000-4000-8000-000000000002"
    error_message = "Expected AcrPush for the pusher."
  }
  assert {
    condition     = length(azurerm_role_assignment.pull) == 1 && length(azurerm_role_assignment.push) == 1
    error_message = "Expected nobody else to be let in."
  }
}

run "has_no_password" {
  command = plan

  assert {
    condition     = !azurerm_container_registry.this.admin_enabled && azurerm_container_registry.this.role_assignment_mode == "LegacyRegistryPermissions" && azurerm_container_registry.this.sku == "Basic"
    error_message = "Expected no admin user, and the mode in which AcrPull counts."
  }
}

run "refuses_a_hyphen" {
  command = plan

  variables {
    name = "mayfly-pr-12"
  }
  expect_failures = [var.name]
}

run "refuses_an_unknown_sku" {
  command = plan

  variables {
    sku = "Classic"
  }
  expect_failures = [var.sku]
}
