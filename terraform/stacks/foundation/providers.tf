# Run by a person who is an Owner, with `az login`, or by a job of theirs. The subscription comes from ARM_SUBSCRIPTION_ID.
provider "azurerm" {
  # docs/foundation.md has the lines that register what previews need, in their subscription too.
  resource_provider_registrations = "none"
  # The storage account has no keys.
  storage_use_azuread = true

  features {
    persist_id_on_create_before_polling_for_completion = true
  }
}
