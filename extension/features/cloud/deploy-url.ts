// Where a cluster is configured and deployed: io.net's own pages.

export const DEPLOY_URL = 'https://cloud.io.net/cloud/home';
/** The list of clusters there. */
export const CLUSTERS_URL = 'https://cloud.io.net/cloud/clusters';
/** Support: more credits, a deleted account. */
export const SUPPORT_MAIL = 'support@io.net';
