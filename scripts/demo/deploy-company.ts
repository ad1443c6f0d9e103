import { readDeployFiles } from "./deploy-sources.ts";
import { type DeployTeam, openDeployTeam } from "./deploy-team.ts";
import type { Shop } from "./shop.ts";
import type { Theatre } from "./theatre.ts";

/** What the acts on a real cluster share. */
export interface Company {
  readonly shop: Shop;
  readonly team: DeployTeam;
  /** The commit of main that has the chart and the smoke test. */
  readonly commit: string;
}

/** Brings the shop and those who deploy it together. */
export async function openCompany(theatre: Theatre, openShop: () => Promise<Shop>): Promise<Company> {
  const shop = await openShop();
  const team = await openDeployTeam(theatre, shop);
  shop.repository.go("main");
  return { shop, team, commit: shop.repository.commit("Add a chart", readDeployFiles(theatre)) };
}
