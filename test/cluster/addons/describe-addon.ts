import type { Addresses } from "../addresses.ts";
import type { Programs } from "../need-programs.ts";
import type { Addon } from "../record.ts";
import type { AddonSpec } from "./addon.ts";
import { dnsAddon } from "./dns.ts";

/** What an add-on is made of. @throws Error that names a missing tool and the command that gets it */
export function describeAddon(name: Addon, programs: Programs, { dns }: Addresses): AddonSpec {
  switch (name) {
    case "dns":
      return dnsAddon(programs.coredns, dns);
  }
}
