resource "azurerm_container_registry" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  sku                 = var.sku
  tags                = var.tags

  # Everybody comes with an identity of Entra's: no password exists.
  admin_enabled = false
  # AcrPull and AcrPush count only in this mode; with repository permissions (ABAC) they would grant nothing.
  role_assignment_mode = "LegacyRegistryPermissions"
}

module "roles" {
  source = "../roles"
  scope  = azurerm_container_registry.this.id
}

resource "azurerm_role_assignment" "pull" {
  for_each = var.pull_principals

  scope              = azurerm_container_registry.this.id
  role_definition_id = module.roles.ids["AcrPull"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "AcrPull: ${each.key} pulls images"
}

resource "azurerm_role_assignment" "push" {
  for_each = var.push_principals

  scope              = azurerm_container_registry.this.id
  role_definition_id = module.roles.ids["AcrPush"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "AcrPush: ${each.key} pushes images"
}
