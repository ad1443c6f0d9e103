output "id" {
  description = "Id of the group."
  value       = azurerm_resource_group.this.id
}

output "name" {
  description = "Name of the group."
  value       = azurerm_resource_group.this.name
}

output "location" {
  description = "Region of the group."
  value       = azurerm_resource_group.this.location
}

output "tags" {
  description = "Tags of the group, with the expiry that it has now."
  value       = azurerm_resource_group.this.tags
}
