/** The text of dist/<action>/<stage>.js: it loads one stage from the bundle that all actions share. */
export function renderStub(action: string, stage: "index" | "post"): string {
  const name = stage === "index" ? action : `${action}-${stage}`;
  return `import { load } from "../all/index.js";\nawait load("${name}");\n`;
}
