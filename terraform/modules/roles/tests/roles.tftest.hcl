run "are_those_of_the_subscription" {
  command = plan

  variables {
    scope = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r"
  }

  assert {
    condition     = output.ids["AcrPull"] == "/subscriptions/5ab00000-0000-4000-8000-000000000001/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    error_message = "ARM answers with the subscription's id of the definition, and another form would be replaced with each apply: ${output.ids["AcrPull"]}."
  }
  assert {
    condition     = length(distinct(values(output.guids))) == length(output.guids) && alltrue([for guid in values(output.guids) : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", guid))])
    error_message = "Expected each role to have an id of its own."
  }
}

run "refuse_another_scope" {
  command = plan

  variables {
    scope = "/providers/Microsoft.Management/managementGroups/team"
  }
  expect_failures = [var.scope]
}
