import type { Configuration, Desired } from "./fake/configuration.ts";
import { createScene, type Scene } from "./fake-world.ts";

export const GROUP = "rg-pr-12";
export const PASSWORD = "a-password-that-nobody-may-see";

/** The group of the environment, as the module makes it: its end is not overwritten. */
export const group: Desired = {
  address: "azurerm_resource_group.this",
  values: { name: GROUP, location: "westeurope" },
  forcesNew: ["name", "location"],
  ignoresExpiry: true,
};

/** An environment: a group with the tags that are handed over, and an app in it. */
export const SHOP: Configuration = {
  variables: {
    environment: { default: "" },
    tags: { default: {} },
    expires_at: { default: "" },
    version: { default: "v1" },
    password: { sensitive: true, default: "" },
  },
  resources: ({ tags, version, password }) => [
    { ...group, values: { ...group.values, tags } },
    {
      address: "terraform_data.app",
      values: { input: version, password },
      sensitive: ["password"],
      forcesNew: ["password"],
    },
  ],
  outputs: ({ password }) => ({
    url: { value: "https://pr-12.example.com" },
    ports: { value: [80, 443] },
    password: { value: password, sensitive: true },
  }),
};

export function createShop(more: Partial<Configuration> = {}): Scene {
  return createScene({ ...SHOP, ...more });
}
