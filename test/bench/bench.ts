import { benchHelm } from "./helm.ts";
import { benchImages, benchTasks } from "./images.ts";
import { openLedger } from "./ledger.ts";
import { benchPreview } from "./preview.ts";
import { benchFleet, benchReap } from "./reap.ts";
import { benchRelay } from "./relay.ts";
import { benchSmoke } from "./smoke.ts";
import { stage } from "./stage.ts";
import { benchStartUp } from "./start-up.ts";
import { benchTerraform } from "./terraform.ts";

// `npm run bench`: speed and memory of the committed bundle. Exits with 1 when a limit is passed.
await using own = await stage();
const ledger = openLedger();
await benchStartUp(own, ledger);
await benchReap(own, ledger);
await benchFleet(own, ledger);
await benchImages(own, ledger);
await benchTasks(own, ledger);
await benchTerraform(own, ledger);
await benchRelay(own, ledger);
await benchHelm(own, ledger);
await benchSmoke(own, ledger);
await benchPreview(ledger);
if (!ledger.allHold) process.exitCode = 1;
