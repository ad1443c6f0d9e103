locals {
  ttl = var.expires_at == null ? {} : {
    "auto-destroy" = "true"
    "expires-at"   = var.expires_at
  }
}

resource "azurerm_resource_group" "this" {
  name     = var.name
  location = var.location
  tags     = merge(var.tags, local.ttl)

  lifecycle {
    # Set when the group is created. From then on it is moved by a PATCH of the tag alone, so that plans do not show it,
    # approved plans stay valid, and an extension is not undone.
    ignore_changes = [tags["expires-at"]]
  }
}
