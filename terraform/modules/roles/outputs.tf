output "ids" {
  description = "Definition ids of the built-in roles, by their names, for `role_definition_id`."
  value       = { for name, guid in local.guids : name => "${local.subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}" }
}

output "guids" {
  description = "The bare ids of the built-in roles, by their names, for conditions."
  value       = local.guids
}
