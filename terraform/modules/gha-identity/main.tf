locals {
  # https://docs.github.com/actions/reference/security/oidc
  places = [
    for trust in var.trusts : {
      classic   = trust.repository
      immutable = "${split("/", trust.repository)[0]}@${coalesce(trust.owner_id, "0")}/${split("/", trust.repository)[1]}@${coalesce(trust.repository_id, "0")}"
      # GitHub writes a colon inside a value as %3A, and nothing else in this way.
      context = (
        trust.pull_request ? "pull_request" :
        trust.environment != null ? "environment:${replace(trust.environment, ":", "%3A")}" :
        "ref:${replace(coalesce(trust.ref, "-"), ":", "%3A")}"
      )
    }
  ]
  subjects = distinct(flatten([
    for place in local.places : [for form in sort(var.subject_forms) : "repo:${place[form]}:${place.context}"]
  ]))

  # A credential's name has 3 to 120 letters, digits, hyphens and underscores, and cannot be changed. The hash is what makes
  # it one subject's, case included: the text before it is for people, and cut.
  credentials = {
    for subject in local.subjects :
    "${trimsuffix(substr(trim(replace(trimprefix(subject, "repo:"), "/[^A-Za-z0-9]+/", "-"), "-"), 0, 111), "-")}-${substr(sha256(subject), 0, 8)}" => subject
  }
}

resource "azurerm_user_assigned_identity" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  lifecycle {
    precondition {
      condition     = length(local.subjects) <= 20
      error_message = "trusts: an identity takes 20 federated credentials, and these need ${length(local.subjects)}: ${join(", ", local.subjects)}. Leave a form out of subject_forms, or make another identity."
    }
    precondition {
      condition     = alltrue([for subject in local.subjects : length(subject) <= 600])
      error_message = "trusts: Entra takes subjects of at most 600 characters: ${join(", ", [for subject in local.subjects : subject if length(subject) > 600])}."
    }
  }
}

resource "azurerm_federated_identity_credential" "this" {
  for_each = local.credentials

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.this.id
  issuer                    = var.issuer
  subject                   = each.value
  audience                  = [var.audience]
}

resource "azurerm_role_assignment" "this" {
  for_each = var.roles

  scope              = each.value.scope
  role_definition_id = each.value.role_definition_id
  principal_id       = azurerm_user_assigned_identity.this.principal_id
  principal_type     = "ServicePrincipal"
  description        = each.value.description
  condition          = each.value.condition
  condition_version  = each.value.condition == null ? null : "2.0"
}
