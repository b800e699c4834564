package com.cybernance.continuity.spi;

/** Measures how long ago something was, unmoved by changes of the wall clock. Thread-safe. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since a fixed but arbitrary moment; never goes back. */
    long nanos();
}
