package com.cybernance.continuity.vault;

/** What a name stands for. */
enum Standing {
    ABSENT,
    OBJECT,
    /** The beginning of other names, now or once. */
    PREFIX
}
