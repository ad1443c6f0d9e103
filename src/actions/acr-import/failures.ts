import { UserError } from "../../kit/user-error.ts";
import { describeOutcome, type Outcome, TALLY } from "./outcome.ts";
import { renderTarget } from "./parse-images.ts";
import type { ImageRecord } from "./record.ts";

/** Why the run fails after what it did, or undefined. Its code is that of the failures where they share one. */
export function findFailure(records: readonly ImageRecord[], cancelled: boolean): UserError | undefined {
  const failed = records.filter(({ outcome }) => outcome.kind === "failed");
  const open = records.filter(({ outcome }) => TALLY[outcome.kind] === "unfinished");
  if (failed.length === 0 && open.length === 0) return undefined;
  const lines = [...failed, ...open].map(
    ({ registry, image, outcome }) => `${registry}/${renderTarget(image)}: ${describeOutcome(outcome)}`,
  );
  const [what, code] =
    failed.length > 0
      ? [`${failed.length} of ${records.length} images could not be imported.`, codeOf(failed)]
      : [
          `${open.length} of ${records.length} images are not proven to be there.`,
          cancelled ? "cancelled" : "import-unfinished",
        ];
  return new UserError(code, `${what}\n${lines.join("\n")}`);
}

function codeOf(failed: readonly ImageRecord[]): string {
  const codes = new Set(failed.flatMap(({ outcome }) => listCode(outcome)));
  const [first = "import-failed"] = codes;
  return codes.size === 1 ? first : "import-failed";
}

function listCode(outcome: Outcome): readonly string[] {
  return outcome.kind === "failed" ? [outcome.code] : [];
}
