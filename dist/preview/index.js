import { load } from "../all/index.js";
await load("preview");
