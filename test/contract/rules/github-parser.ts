import { FeatureFlags } from "@actions/expressions";
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "../finding.ts";
import type { YamlFile } from "../yaml-file.ts";

/** What GitHub's own parser (the one behind its editor) says of a file: nothing, when it will run. */
export async function askGithub(file: Pick<YamlFile, "path" | "text">): Promise<readonly Finding[]> {
  const document = TextDocument.create(`file:///${file.path}`, "yaml", 1, file.text);
  const diagnostics = await validate(document, { featureFlags: new FeatureFlags({ all: true }) });
  return diagnostics.map(({ range, message }) => ({ line: range.start.line + 1, rule: `GitHub: ${message}` }));
}
