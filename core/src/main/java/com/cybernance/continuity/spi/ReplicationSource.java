package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ReplicaState;

/** Samples the servers of a replicated resource: role, mode, place, link state and the three lags. The scope is {@link Sink#ALL}. The primary is one of the facts; a look that cannot tell which server takes the writes is blind. */
public interface ReplicationSource extends Source<ReplicaState> {}
