mock_provider "azurerm" {
  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id           = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
      principal_id = "aaaaaaaa-0000-4000-8000-000000000001"
    }
  }
}

variables {
  name                = "mayfly-preview"
  resource_group_name = "g"
  location            = "westeurope"
  trusts              = [{ repository = "octo-org/Shop", repository_id = "599293758", owner_id = "1844662", environment = "preview" }]
}

run "trusts_both_forms" {
  assert {
    condition     = output.subjects == tolist(["repo:octo-org/Shop:environment:preview", "repo:octo-org@1844662/Shop@599293758:environment:preview"])
    error_message = "Expected the classic and the immutable subject, got ${jsonencode(output.subjects)}."
  }
  assert {
    condition     = toset(values(azurerm_federated_identity_credential.this)[*].subject) == toset(output.subjects)
    error_message = "Expected one credential for each subject."
  }
  assert {
    condition     = alltrue([for credential in azurerm_federated_identity_credential.this : credential.issuer == "https://token.actions.githubusercontent.com" && credential.audience == tolist(["api://AzureADTokenExchange"])])
    error_message = "Expected GitHub's issuer without a slash at its end, and one audience."
  }
}

run "trusts_what_it_is_told_and_no_more" {
  command = plan

  variables {
    subject_forms = ["immutable"]
    trusts = [
      { repository = "octo/shop", repository_id = "2", owner_id = "1", ref = "refs/heads/main" },
      { repository = "octo/shop", repository_id = "2", owner_id = "1", pull_request = true },
      { repository = "octo/shop", repository_id = "2", owner_id = "1", environment = "Production:V1" },
      { repository = "octo/shop", repository_id = "2", owner_id = "1", environment = "Production:V1" },
    ]
  }

  assert {
    condition = output.subjects == tolist([
      "repo:octo@1/shop@2:ref:refs/heads/main",
      "repo:octo@1/shop@2:pull_request",
      "repo:octo@1/shop@2:environment:Production%3AV1",
    ])
    error_message = "Expected a colon in a value as GitHub writes it, and each subject once, got ${jsonencode(output.subjects)}."
  }
}

run "needs_no_ids_for_classic_subjects" {
  command = plan

  variables {
    subject_forms = ["classic"]
    trusts        = [{ repository = "octo/shop", ref = "refs/heads/main" }]
  }

  assert {
    condition     = output.subjects == tolist(["repo:octo/shop:ref:refs/heads/main"])
    error_message = "Expected the classic subject alone, got ${jsonencode(output.subjects)}."
  }
}

# What tells these apart is a case, a cut end or a character that a credential's name cannot have.
run "names_credentials_within_120_characters" {
  command = plan

  variables {
    subject_forms = ["classic"]
    trusts = [
      { repository = "octo/shop", environment = "preview" },
      { repository = "octo/shop", environment = "Preview" },
      { repository = "octo/shop", environment = "pre view" },
      { repository = "octo/shop", environment = "pre-view" },
      { repository = "octo/shop", environment = "${join("", [for i in range(40) : "long "])}a" },
      { repository = "octo/shop", environment = "${join("", [for i in range(40) : "long "])}b" },
      { repository = "-/-", environment = "---" },
    ]
  }

  assert {
    condition     = length(azurerm_federated_identity_credential.this) == 7 && alltrue([for name in keys(azurerm_federated_identity_credential.this) : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$", name))])
    error_message = "Expected seven names that Entra takes, got ${jsonencode(keys(azurerm_federated_identity_credential.this))}."
  }
}

run "assigns_roles_with_and_without_a_condition" {
  variables {
    roles = {
      plain       = { scope = "/subscriptions/5ab00000-0000-4000-8000-000000000001", role_definition_id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c", description = "makes previews" }
      conditional = { scope = "/subscriptions/5ab00000-0000-4000-8000-000000000001", role_definition_id = "/subscriptions/5ab00000-0000-4000-8000-000000000001/providers/Microsoft.Authorization/roleDefinitions/f58310d9-a9f6-439a-9e8d-f62e7b41a168", description = "lets in", condition = "(true)" }
    }
  }

  assert {
    condition     = azurerm_role_assignment.this["conditional"].condition == "(true)" && azurerm_role_assignment.this["conditional"].condition_version == "2.0"
    error_message = "Expected the condition in the version that Azure takes."
  }
  assert {
    condition     = azurerm_role_assignment.this["plain"].condition == null && azurerm_role_assignment.this["plain"].principal_id == "aaaaaaaa-0000-4000-8000-000000000001" && azurerm_role_assignment.this["plain"].principal_type == "ServicePrincipal"
    error_message = "Expected an assignment to this identity without a condition."
  }
}

run "refuses_more_than_entra_takes" {
  command = plan

  variables {
    trusts = [for i in range(11) : { repository = "octo/shop${i}", repository_id = "${i + 1}", owner_id = "1", environment = "preview" }]
  }
  expect_failures = [azurerm_user_assigned_identity.this]
}

run "refuses_a_subject_that_entra_would" {
  command = plan

  variables {
    trusts = [{ repository = "octo/shop", repository_id = "2", owner_id = "1", environment = join("", [for i in range(600) : "x"]) }]
  }
  expect_failures = [azurerm_user_assigned_identity.this]
}

run "refuses_two_places_in_one" {
  command = plan

  variables {
    trusts = [{ repository = "octo/shop", repository_id = "2", owner_id = "1", environment = "preview", ref = "refs/heads/main" }]
  }
  expect_failures = [var.trusts]
}

run "refuses_none" {
  command = plan

  variables {
    trusts = [{ repository = "octo/shop", repository_id = "2", owner_id = "1" }]
  }
  expect_failures = [var.trusts]
}

run "refuses_a_branch_without_its_refs" {
  command = plan

  variables {
    trusts = [{ repository = "octo/shop", repository_id = "2", owner_id = "1", ref = "main" }]
  }
  expect_failures = [var.trusts]
}

run "refuses_wildcards" {
  command = plan

  variables {
    trusts = [{ repository = "octo/*", repository_id = "2", owner_id = "1", environment = "preview" }]
  }
  expect_failures = [var.trusts]
}

run "refuses_immutable_subjects_without_ids" {
  command = plan

  variables {
    trusts = [{ repository = "octo/shop", environment = "preview" }]
  }
  expect_failures = [var.trusts]
}

run "refuses_an_issuer_with_a_slash" {
  command = plan

  variables {
    issuer = "https://token.actions.githubusercontent.com/"
  }
  expect_failures = [var.issuer]
}

run "refuses_an_unknown_form" {
  command = plan

  variables {
    subject_forms = ["classical"]
  }
  expect_failures = [var.subject_forms]
}
