import { listStaticFindings } from "../../helm/static-findings.ts";
import type { PreflightCheck } from "./preflight.ts";

/** What the manifests alone tell. */
export const checkStatic: PreflightCheck = async (_session, { rendered, plan }) =>
  listStaticFindings({ objects: rendered.objects, plan });
