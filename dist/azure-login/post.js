import { load } from "../all/index.js";
await load("azure-login-post");
