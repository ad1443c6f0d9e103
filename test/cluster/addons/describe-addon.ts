import { needTools } from "../../image-tools/need-tools.ts";
import type { Addresses } from "../addresses.ts";
import type { Addon } from "../record.ts";
import type { AddonSpec } from "./addon.ts";
import { dnsAddon } from "./dns.ts";
import { kedaAddon } from "./keda.ts";
import { natsAddon } from "./nats.ts";

/** What an add-on is made of. @throws Error that names a missing tool and the command that gets it */
export function describeAddon(name: Addon, { dns }: Addresses): AddonSpec {
  switch (name) {
    case "dns":
      return dnsAddon(needTools("coredns").coredns, dns);
    case "nats":
      return natsAddon(needTools("nats")["nats-server"]);
    case "keda":
      return kedaAddon(needTools("keda"));
  }
}
