locals {
  subjects = [for account in var.service_accounts : "system:serviceaccount:${account.namespace}:${account.name}"]

  # A credential's name has 3 to 120 letters, digits, hyphens and underscores, and cannot be changed. The hash is what makes
  # it one subject's: the text before it is for people, and cut.
  credentials = {
    for subject in local.subjects :
    "${trimsuffix(substr(replace(trimprefix(subject, "system:serviceaccount:"), "/[^A-Za-z0-9]+/", "-"), 0, 111), "-")}-${substr(sha256(subject), 0, 8)}" => subject
  }
}

resource "azurerm_user_assigned_identity" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

resource "azurerm_federated_identity_credential" "this" {
  for_each = local.credentials

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.this.id
  issuer                    = var.oidc_issuer_url
  subject                   = each.value
  audience                  = [var.audience]
}
