# Who logs in, and to which subscription, comes from the environment (ARM_CLIENT_ID, ARM_TENANT_ID, ARM_SUBSCRIPTION_ID,
# ARM_USE_OIDC), as `azure-login` exports it.
provider "azurerm" {
  # The foundation has registered them once; asking each time takes two requests and a right that previews need not have.
  resource_provider_registrations = "none"

  features {
    # A cluster whose creation fails or is cancelled half-way is kept in the state as tainted, and replaced by the next apply.
    # Without this it would be in nobody's state, and the next apply would say that it already exists.
    persist_id_on_create_before_polling_for_completion = true

    key_vault {
      # The name would stay taken for days. A vault whose group was deleted around terraform is brought back instead.
      purge_soft_delete_on_destroy    = true
      recover_soft_deleted_key_vaults = true
    }

    resource_group {
      # What a controller or a person made in a preview's group goes with it.
      prevent_deletion_if_contains_resources = false
    }
  }
}
