/**
 * The verifier's own cluster rate, so that what is recorded here and what a reader's browser recomputes is the very same
 * number. Wilson's interval on the effective sample size after the design effect; clusters are the unit.
 */
export { type Cluster, type ClusterRate, clusterRate } from '@avouch/verify'
