/**
 * A stack of eight without the azurerm provider's fixed waits: a group, identities, a registry, a network. What it costs
 * is requests.
 */
export const QUICK_STACK = `
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}
provider "azurerm" {
  features {
    resource_group {
      prevent_deletion_if_contains_resources = false
    }
  }
}
variable "name" {
  default = "quick"
}
resource "azurerm_resource_group" "this" {
  name     = "rg-\${var.name}"
  location = "westeurope"
}
resource "azurerm_user_assigned_identity" "this" {
  count               = 4
  name                = "id-\${count.index}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}
resource "azurerm_container_registry" "this" {
  name                = "acr\${var.name}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  sku                 = "Basic"
}
resource "azurerm_virtual_network" "this" {
  name                = "net"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  address_space       = ["10.20.0.0/16"]
}
resource "azurerm_subnet" "this" {
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.this.name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = ["10.20.0.0/20"]
}
`;
