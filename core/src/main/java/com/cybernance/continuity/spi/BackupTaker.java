package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ContinuityException;

/** Takes backups of one resource into vaults. Acts, so it is handed to an operator and never to an observer. */
public interface BackupTaker {
    /**
     * Begins a backup and returns at once. Beginning the same slot in the same vault again while it runs, or after it is
     * done, changes nothing; after it failed or was lost it starts afresh.
     *
     * @param slot the moment for which the backup is due; matches {@code [a-z0-9][a-z0-9-]{0,63}}
     * @throws ContinuityException when it cannot begin at all
     */
    void begin(String slot, Vault vault);

    /** How far it is. Done means that the copy is complete in that vault; the results name it. */
    Progress poll(String slot, Vault vault);

    /** Ends the backup if it runs, and forgets it. What it completed stays in the vault. Idempotent. */
    void discard(String slot, Vault vault);
}
