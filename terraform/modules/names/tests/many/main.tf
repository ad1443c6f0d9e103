# Names of many environments at once, for names.tftest.hcl: what is true of each, and that no two are alike.
locals {
  prefixes     = ["mayfly", "a", "twentycharactersarok", "may", "mayflypr"]
  environments = ["pr-1", "pr-12", "pr-1-2", "1", "PR-1", "pr_1", "pr 1", "12", "r-1", "-pr--1-", "main", "feature/${join("", [for i in range(22) : "long-name/"])}a", "feature/${join("", [for i in range(22) : "long-name/"])}b", "é-1", "pr-1234567890", "0"]
  repositories = ["599293758", "1", "10"]

  cases = { for case in setproduct(local.prefixes, local.environments, local.repositories) : jsonencode(case) => case }
}

module "names" {
  source   = "../.."
  for_each = local.cases

  prefix        = each.value[0]
  environment   = each.value[1]
  repository_id = each.value[2]
}

output "all" {
  value = { for service in keys(module.names[keys(local.cases)[0]]) : service => [for case in keys(local.cases) : module.names[case][service]] }
}

output "count" {
  value = length(local.cases)
}
