mock_provider "azurerm" {}

variables {
  name     = "mayfly-pr-12-abcdef"
  location = "westeurope"
}

run "has_both_ttl_tags" {
  command = plan

  variables {
    expires_at = "2026-11-21T09:17:00Z"
    tags       = { owner = "octo" }
  }

  assert {
    condition     = azurerm_resource_group.this.tags == tomap({ owner = "octo", "auto-destroy" = "true", "expires-at" = "2026-11-21T09:17:00Z" })
    error_message = "Expected both tags beside the others, got ${jsonencode(azurerm_resource_group.this.tags)}."
  }
}

run "takes_tags_that_say_the_same" {
  command = plan

  variables {
    expires_at = "2026-11-21T09:17:00Z"
    tags       = { "auto-destroy" = "true", "expires-at" = "2026-11-21T09:17:00Z" }
  }

  assert {
    condition     = length(azurerm_resource_group.this.tags) == 2
    error_message = "Expected the two tags once, got ${jsonencode(azurerm_resource_group.this.tags)}."
  }
}

run "has_neither_without_an_end" {
  command = plan

  variables {
    tags = { owner = "octo" }
  }

  assert {
    condition     = azurerm_resource_group.this.tags == tomap({ owner = "octo" })
    error_message = "Expected no TTL tag, got ${jsonencode(azurerm_resource_group.this.tags)}."
  }
}

run "may_be_overdue" {
  command = plan

  variables {
    expires_at = "2001-01-01T00:00:00Z"
  }

  assert {
    condition     = azurerm_resource_group.this.tags["expires-at"] == "2001-01-01T00:00:00Z"
    error_message = "A group whose time has passed must still be planned, and destroyed."
  }
}

# An extension moves the tag around terraform: the plan after it shows nothing of it.
run "is_made" {
  variables {
    expires_at = "2026-11-21T09:17:00Z"
  }
}

run "keeps_an_expiry_that_it_did_not_set" {
  variables {
    expires_at = "2026-11-22T09:17:00Z"
    tags       = { owner = "hubot" }
  }

  assert {
    condition     = azurerm_resource_group.this.tags["expires-at"] == "2026-11-21T09:17:00Z" && azurerm_resource_group.this.tags["owner"] == "hubot"
    error_message = "Expected the expiry that is there and the new owner, got ${jsonencode(azurerm_resource_group.this.tags)}."
  }
}

run "refuses_an_offset" {
  command = plan

  variables {
    expires_at = "2026-11-21T09:17:00+01:00"
  }
  expect_failures = [var.expires_at]
}

run "refuses_a_day_that_no_calendar_has" {
  command = plan

  variables {
    expires_at = "2026-02-30T09:17:00Z"
  }
  expect_failures = [var.expires_at]
}

run "refuses_fractions" {
  command = plan

  variables {
    expires_at = "2026-11-21T09:17:00.5Z"
  }
  expect_failures = [var.expires_at]
}

run "refuses_an_expiry_that_only_a_tag_tells" {
  command = plan

  variables {
    tags = { "expires-at" = "2026-11-21T09:17:00Z" }
  }
  expect_failures = [var.tags]
}

run "refuses_a_mark_without_an_expiry" {
  command = plan

  variables {
    tags = { "auto-destroy" = "true" }
  }
  expect_failures = [var.tags]
}

run "refuses_two_expiries" {
  command = plan

  variables {
    expires_at = "2026-11-21T09:17:00Z"
    tags       = { "expires-at" = "2026-11-22T09:17:00Z" }
  }
  expect_failures = [var.tags]
}

run "refuses_another_case" {
  command = plan

  variables {
    expires_at = "2026-11-21T09:17:00Z"
    tags       = { "Expires-At" = "2026-11-21T09:17:00Z" }
  }
  expect_failures = [var.tags]
}

run "refuses_a_name_that_azure_would" {
  command = plan

  variables {
    name = "ends-with."
  }
  expect_failures = [var.name]
}
