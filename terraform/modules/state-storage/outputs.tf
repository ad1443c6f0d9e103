output "id" {
  description = "Id of the account."
  value       = azurerm_storage_account.this.id
}

output "name" {
  description = "Name of the account, for `storage_account_name` of the backend."
  value       = azurerm_storage_account.this.name
}

output "container_ids" {
  description = "Ids of the containers by their names, as scopes of role assignments."
  value       = { for name, container in azurerm_storage_container.this : name => container.id }
}
