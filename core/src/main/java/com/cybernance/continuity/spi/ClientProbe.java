package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ClientOutcome;

/** Acts as a client does, over the client's own route: who answered, whether a write was acknowledged, and how long it took. The scope is {@link Sink#ALL}. A client that is turned away is a fact, not a failed look: a look fails only when the probe itself could not be tried. */
public interface ClientProbe extends Source<ClientOutcome> {}
