resource "azurerm_key_vault" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tenant_id           = var.tenant_id
  tags                = var.tags

  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  public_network_access_enabled = var.public_network_access_enabled
  purge_protection_enabled      = var.purge_protection_enabled
  soft_delete_retention_days    = var.soft_delete_retention_days

  dynamic "network_acls" {
    for_each = length(var.allowed_ip_ranges) > 0 ? [var.allowed_ip_ranges] : []

    content {
      bypass         = "AzureServices"
      default_action = "Deny"
      ip_rules       = network_acls.value
    }
  }
}

module "roles" {
  source = "../roles"
  scope  = azurerm_key_vault.this.id
}

resource "azurerm_role_assignment" "secrets_user" {
  for_each = var.secrets_user_principals

  scope              = azurerm_key_vault.this.id
  role_definition_id = module.roles.ids["Key Vault Secrets User"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "Key Vault Secrets User: ${each.key} reads secrets"
}

resource "azurerm_role_assignment" "secrets_officer" {
  for_each = var.secrets_officer_principals

  scope              = azurerm_key_vault.this.id
  role_definition_id = module.roles.ids["Key Vault Secrets Officer"]
  principal_id       = each.value.object_id
  principal_type     = each.value.type
  description        = "Key Vault Secrets Officer: ${each.key} writes secrets"
}
