package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.RestorePoint;

/** Streams the restore points that exist now. The scope is {@link Sink#ALL}, or one scope for each place where copies are kept. Points come in any order and each once. */
public interface RestorePointSource extends Source<RestorePoint> {}
