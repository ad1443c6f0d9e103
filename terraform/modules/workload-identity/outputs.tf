output "id" {
  description = "Id of the identity."
  value       = azurerm_user_assigned_identity.this.id
}

output "client_id" {
  description = "Client id, for the service account's annotation `azure.workload.identity/client-id`."
  value       = azurerm_user_assigned_identity.this.client_id
}

output "principal_id" {
  description = "Object id, for role assignments."
  value       = azurerm_user_assigned_identity.this.principal_id
}

output "subjects" {
  description = "The subjects that may come as this identity, sorted."
  value       = sort(local.subjects)
}
