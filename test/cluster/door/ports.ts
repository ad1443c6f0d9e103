/** Where the door takes CONNECT and the kubelet's questions for credentials, on the cluster's address of this machine. */
export const DOOR_PORT = 3128;
/** Where it serves issuers' keys over HTTPS. */
export const KEYS_PORT = 8443;
