mock_provider "azurerm" {
  mock_resource "azurerm_user_assigned_identity" {
    defaults = { id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i" }
  }
}

variables {
  name                = "mayfly-pr-12-abcdef"
  resource_group_name = "g"
  location            = "westeurope"
  oidc_issuer_url     = "https://westeurope.oic.prod-aks.azure.com/tenant/id/"
  service_accounts    = [{ namespace = "pr-12", name = "api" }, { namespace = "jobs", name = "api" }]
}

run "trusts_each_service_account" {
  assert {
    condition     = output.subjects == tolist(["system:serviceaccount:jobs:api", "system:serviceaccount:pr-12:api"])
    error_message = "Expected one subject for each, got ${jsonencode(output.subjects)}."
  }
  assert {
    condition     = toset(values(azurerm_federated_identity_credential.this)[*].subject) == toset(output.subjects)
    error_message = "Expected one credential for each subject."
  }
  assert {
    condition     = alltrue([for credential in azurerm_federated_identity_credential.this : credential.issuer == "https://westeurope.oic.prod-aks.azure.com/tenant/id/" && credential.audience == tolist(["api://AzureADTokenExchange"])])
    error_message = "Expected the issuer with its slash, and one audience."
  }
}

# A namespace and a name have 63 and 253 characters; what tells these two apart is cut off the credential's name.
run "names_credentials_within_120_characters" {
  command = plan

  variables {
    service_accounts = [
      { namespace = join("", [for i in range(21) : "abc"]), name = join("", [for i in range(83) : "abc"]) },
      { namespace = join("", [for i in range(21) : "abc"]), name = "${join("", [for i in range(83) : "abc"])}.x" },
      { namespace = "a-b", name = "c" },
      { namespace = "a", name = "b-c" },
      { namespace = "a", name = "b.c" },
    ]
  }

  assert {
    condition     = length(azurerm_federated_identity_credential.this) == 5 && alltrue([for name in keys(azurerm_federated_identity_credential.this) : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$", name))])
    error_message = "Expected five names that Entra takes, got ${jsonencode(keys(azurerm_federated_identity_credential.this))}."
  }
}

run "refuses_more_than_entra_takes" {
  command = plan

  variables {
    service_accounts = [for i in range(21) : { namespace = "pr-12", name = "a${i}" }]
  }
  expect_failures = [var.service_accounts]
}

run "refuses_wildcards" {
  command = plan

  variables {
    service_accounts = [{ namespace = "pr-*", name = "api" }]
  }
  expect_failures = [var.service_accounts]
}

run "refuses_an_empty_issuer" {
  command = plan

  variables {
    oidc_issuer_url = ""
  }
  expect_failures = [var.oidc_issuer_url]
}
