output "id" {
  description = "Id of the registry."
  value       = azurerm_container_registry.this.id
}

output "name" {
  description = "Name of the registry."
  value       = azurerm_container_registry.this.name
}

output "login_server" {
  description = "Where docker and helm log in: `<name>.azurecr.io`."
  value       = azurerm_container_registry.this.login_server
}
