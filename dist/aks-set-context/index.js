import { load } from "../all/index.js";
await load("aks-set-context");
