package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.spi.Facet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a {@link com.cybernance.continuity.spi.SettingSource} owes its caller. */
public abstract class SettingContract extends SourceContract<Setting> {
    /** For the provider's own test. */
    protected SettingContract() {
        super(Facet.SETTINGS);
    }

    /** A setting says its name and what would keep the promise; its value may be empty. */
    @Test
    public final void look_saysWhatASettingNeeds() {
        for (Setting setting : look().facts()) {
            assertThat(List.of(setting.name(), setting.needed()))
                    .as("name and needed value of %s", setting)
                    .noneMatch(String::isBlank);
        }
    }

    @Override
    final Object identity(Setting fact) {
        return List.of(fact.id(), fact.kind(), fact.name());
    }

    @Override
    final Object essence(Setting fact) {
        return List.of(fact.id(), fact.kind(), fact.name(), fact.needed(), fact.effect());
    }

    @Override
    final Optional<String> scopeOf(Setting fact) {
        return Optional.of(scopeOf(fact.kind()));
    }

    @Override
    final boolean isScope(String name) {
        return Stream.of(Setting.Kind.values()).map(SettingContract::scopeOf).anyMatch(name::equals);
    }

    private static String scopeOf(Setting.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
