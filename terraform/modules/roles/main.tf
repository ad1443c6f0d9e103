# The one place that knows the ids of Azure's built-in roles. They are the same in every tenant and never change, while names
# did; and an assignment by id saves the request that looks a name up.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
locals {
  guids = {
    "AcrPull"                                     = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
    "AcrPush"                                     = "8311e382-0749-4cb8-b61a-304f252e45ec"
    "Azure Kubernetes Service Cluster User Role"  = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
    "Azure Kubernetes Service RBAC Admin"         = "3498e952-d568-435e-9b2c-8d77e338d7f7"
    "Azure Kubernetes Service RBAC Cluster Admin" = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
    "Azure Kubernetes Service RBAC Reader"        = "7f6c6a51-bcf8-42ba-9220-52d62157d7db"
    "Azure Kubernetes Service RBAC Writer"        = "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb"
    "Contributor"                                 = "b24988ac-6180-42a0-ab88-20f7382dd24c"
    "Key Vault Secrets Officer"                   = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
    "Key Vault Secrets User"                      = "4633458b-17de-408a-b874-0445c86b69e6"
    "Role Based Access Control Administrator"     = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
    "Storage Blob Data Contributor"               = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
  }
  subscription = regex("^/subscriptions/[^/]+", var.scope)
}
