# An environment in small: terraform_data is terraform's own resource, which takes no provider and no cloud. The state is
# where states of real environments are.
terraform {
  required_version = ">= 1.4"
  backend "azurerm" {}
}

variable "environment" {
  description = "The environment's name, which the action gives."
  type        = string
}

variable "admin_password" {
  description = "Of the database's first user."
  type        = string
  sensitive   = true
}

variable "workers" {
  description = "How many of them take orders."
  type        = number
  default     = 2
}

resource "terraform_data" "database" {
  input = {
    name     = "${var.environment}-orders"
    password = var.admin_password
  }
}

resource "terraform_data" "queue" {
  input = "${var.environment}-orders"
}

resource "terraform_data" "worker" {
  count = var.workers

  input = {
    queue = terraform_data.queue.output
    size  = "small"
  }
}

output "url" {
  description = "Where the environment is."
  value       = "https://${var.environment}.preview.example.com"
}

output "workers" {
  description = "How many workers take orders."
  value       = var.workers
}
