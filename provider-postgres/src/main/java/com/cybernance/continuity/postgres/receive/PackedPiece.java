package com.cybernance.continuity.postgres.receive;

/** A piece that was handed to a vault and is not there before it is committed. For one thread at a time. */
interface PackedPiece extends AutoCloseable {
    /** Makes it durable with what is in it. */
    void commit();

    /** Gives it up unless it was committed. */
    @Override
    void close();
}
