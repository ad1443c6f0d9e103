output "id" {
  description = "Id of the vault."
  value       = azurerm_key_vault.this.id
}

output "name" {
  description = "Name of the vault."
  value       = azurerm_key_vault.this.name
}

output "uri" {
  description = "Where secrets are read: `https://<name>.vault.azure.net/`."
  value       = azurerm_key_vault.this.vault_uri
}
