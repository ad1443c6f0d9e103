import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type KedaFiles, kedaAddon } from "../cluster/addons/keda.ts";

/** Writes KEDA as its own chart has it: definitions in `crds`, all else in templates. Its operator is this machine's program. */
export async function writeKedaChart(folder: string, files: KedaFiles): Promise<void> {
  await mkdir(join(folder, "templates"), { recursive: true });
  await cp(files["config/crd/bases"], join(folder, "crds"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), "apiVersion: v2\nname: keda\nversion: 2.21.0\nappVersion: 2.21.0\n");
  const objects = kedaAddon(files).objects.filter(
    ({ kind }) => kind !== "CustomResourceDefinition" && kind !== "Namespace",
  );
  await writeFile(join(folder, "templates/keda.yaml"), objects.map((one) => JSON.stringify(one)).join("\n---\n"));
}
