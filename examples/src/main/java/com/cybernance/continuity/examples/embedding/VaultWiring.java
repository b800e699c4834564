package com.cybernance.continuity.examples.embedding;

import com.cybernance.continuity.Operator;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import com.cybernance.continuity.vault.DirectoryVault;
import com.cybernance.continuity.vault.DirectoryVaultKeeper;
import com.cybernance.continuity.vault.VaultCopier;
import com.cybernance.continuity.vault.VaultState;
import java.nio.file.Path;
import java.util.List;

/** How a vault in a directory is made and handed out. */
public final class VaultWiring {
    private VaultWiring() {}

    /** Done once, by a person. */
    public static void prepare() {
        // snippet:vault-initialize
        DirectoryVault.initialize("offsite", Path.of("/mnt/offsite/continuity"));
        // end
    }

    /** What a service is handed that takes backups. */
    public static Vault forTheService() {
        // snippet:vault
        return DirectoryVault.at("offsite", Path.of("/mnt/offsite/continuity"));
        // end
    }

    /** What is kept away from that service. */
    public static VaultKeeper forWhoeverDeletes() {
        // snippet:vault-keeper
        return DirectoryVaultKeeper.at("offsite", Path.of("/mnt/offsite/continuity"));
        // end
    }

    /** The library's records in a vault. */
    public static StateStore state(Vault vault) {
        return VaultState.in(vault, "state");
    }

    /** Whoever may copy from one vault to the other. */
    public static Operator copying(StateStore state, Vault onsite, Vault offsite) {
        return Operator.of(state).vault(onsite).vault(offsite).build();
    }

    /**
     * Brings a set of objects, and then everything else, to the other vault.
     *
     * @param backup the names of the set; the last one makes it complete
     * @return how many objects were written there
     */
    public static int copy(Operator operator, List<String> backup) {
        // snippet:copy
        VaultCopier.Copied set = operator.copy("onsite", "offsite", backup);
        VaultCopier.Copied rest = operator.copyAll("onsite", "offsite", "pg/");
        // end
        return set.objects() + rest.objects();
    }
}
