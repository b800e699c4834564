package com.cybernance.continuity.examples;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.Continuity;
import com.cybernance.continuity.Operator;
import com.cybernance.continuity.policy.NumberBasis;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import com.cybernance.continuity.spi.Verifier;
import com.cybernance.continuity.testkit.Seeds;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the house, over the main classes of all modules. */
class ArchitectureTest {
    private static final String ROOT = "com.cybernance.continuity";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** What runs inside an embedder: core and the providers. */
    private static final DescribedPredicate<JavaClass> PRODUCT = in("..").and(not(in(".testkit..")))
            .and(not(in(".benchmarks..")))
            .and(not(in(".examples..")))
            .as("core and the providers");

    /** Each provider has a package of its own beside the rooms of core, and so has the seal, which provides a vault. */
    private static final DescribedPredicate<JavaClass> PROVIDERS = PRODUCT.and(not(in("")))
            .and(not(resideInAnyPackage(
                    house("facts..", "spi..", "policy..", "check..", "state..", "vault..", "restore..", "internal.."))))
            .as("providers");

    private static final Set<String> TIME = Set.of(
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Year.now",
            "java.time.YearMonth.now",
            "java.time.Clock.system",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.InstantSource.system",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.Date.<init>");

    @Test
    void scan_seesEveryRoom() {
        Set<String> seen = HOUSE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

        assertThat(HOUSE.size())
                .as("classes under %s; a rule over nothing holds", ROOT)
                .isGreaterThan(150);
        assertThat(seen)
                .contains(ROOT)
                .contains(house(
                        "facts",
                        "spi",
                        "policy",
                        "check",
                        "state",
                        "vault",
                        "restore",
                        "internal.disk",
                        "internal.guard",
                        "internal.time"))
                .contains(house(
                        "seal",
                        "postgres",
                        "postgres.layout",
                        "postgres.pipe",
                        "postgres.wire",
                        "postgres.backup",
                        "postgres.receive",
                        "postgres.wal",
                        "postgres.points",
                        "postgres.recover",
                        "testkit",
                        "testkit.postgres",
                        "benchmarks",
                        "examples.folder"));
    }

    @ParameterizedTest(name = "{0} sees {1}")
    @CsvSource({
        "facts, ''",
        "spi, facts",
        "policy, facts spi internal.words internal.digest",
        "check, facts spi policy internal.words",
        "state, facts spi internal.digest internal.disk",
        "vault, facts spi internal.digest internal.disk internal.time",
        "restore, facts spi internal.words internal.digest internal.guard internal.time",
        "internal.words, facts",
        "internal.digest, ''",
        "internal.disk, facts",
        "internal.time, spi",
        "internal.guard, facts spi internal.time",
        "seal, facts spi",
        "postgres.layout, facts",
        "postgres.pipe, facts",
        "postgres.wal, facts postgres.layout",
        "postgres.points, facts spi postgres.layout postgres.wal",
        "testkit, facts spi",
        "testkit.postgres, ''",
        "postgres.wire, facts postgres.layout",
        "postgres.backup, facts spi postgres.layout postgres.pipe postgres.wire",
        "postgres.receive, facts spi postgres.layout postgres.pipe postgres.wal postgres.wire postgres.backup",
        "postgres.recover, facts spi postgres.layout postgres.wal postgres.points postgres.pipe postgres.backup",
    })
    void arrows_pointInward(String room, String sees) {
        String[] allowed = Stream.concat(Stream.of(room), Arrays.stream(sees.split(" ")))
                .filter(name -> !name.isEmpty())
                .map(name -> ROOT + "." + name)
                .toArray(String[]::new);

        noClasses()
                .that(resideInAPackage(ROOT + "." + room))
                .should()
                .dependOnClassesThat(in("..").and(not(resideInAnyPackage(allowed))))
                .because("a room that knows the rooms around it cannot be read, tested or replaced alone")
                .check(HOUSE);
    }

    @Test
    void facts_knowNothingButJava() {
        classes()
                .that(in(".facts.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", ROOT + ".facts.."))
                .because("what was seen must be readable by everybody, with nothing else at hand")
                .check(HOUSE);
    }

    @Test
    void spi_bringsNoLibraryToAProvider() {
        classes()
                .that(in(".spi.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..", ROOT + ".facts..", ROOT + ".spi.."))
                .because("a provider compiles against these two rooms and inherits no one else's choices")
                .check(HOUSE);
    }

    @Test
    void planning_touchesNothing() {
        noClasses()
                .that(resideInAPackage(ROOT + ".restore").and(simpleNameStartingWith("RestorePlan")))
                .should()
                .dependOnClassesThat(type(StateStore.class)
                        .or(type(Restorer.class))
                        .or(type(Vault.class))
                        .or(resideInAnyPackage("java.io..", "java.nio.file..", "java.net..")))
                .because("a plan that asked anybody could not be made again from what was seen, nor be told by its id")
                .check(HOUSE);
    }

    @Test
    void observers_reachNothingThatActs() {
        noClasses()
                .that(type(Continuity.class).or(type(BackupTarget.class)).or(in(".check..")))
                .should()
                .dependOnClassesThat(type(BackupTaker.class)
                        .or(type(Restorer.class))
                        .or(type(Verifier.class))
                        .or(type(Vault.class))
                        .or(type(VaultKeeper.class))
                        .or(type(Operator.class)))
                .because("what an instance cannot name it cannot call, whatever its configuration says")
                .check(HOUSE);
    }

    @Test
    void providers_seeFactsAndSpiAlone() {
        noClasses()
                .that(PROVIDERS)
                .should()
                .dependOnClassesThat(
                        in("..").and(not(in(".facts.."))).and(not(in(".spi.."))).and(not(PROVIDERS)))
                .because("a provider reports what it sees and must not know what was promised")
                .check(HOUSE);
    }

    @Test
    void core_knowsNoProviderAndNoTest() {
        noClasses()
                .that(PRODUCT.and(not(PROVIDERS)))
                .should()
                .dependOnClassesThat(in("..").and(not(PRODUCT).or(PROVIDERS)))
                .because("core is embedded with one provider, and never with its tests")
                .check(HOUSE);
    }

    @Test
    void internals_areForCoreAlone() {
        noClasses()
                .that(not(PRODUCT).or(PROVIDERS))
                .should()
                .dependOnClassesThat(in(".internal.."))
                .because("what is internal may change in any release; examples show only what embedders may use")
                .check(HOUSE);
    }

    @Test
    void tink_isTheSealsAlone() {
        noClasses()
                .that(not(in(".seal..")))
                .should()
                .dependOnClassesThat(resideInAPackage("com.google.crypto.."))
                .because("who does not seal must not carry Tink, and one room answers for how it is used")
                .check(HOUSE);
    }

    @Test
    void rooms_formNoCircle() {
        slices().matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("two rooms that need each other are one room")
                .check(HOUSE);
    }

    @Test
    void everyPackage_saysThatNothingIsNull() {
        assertThat(HOUSE.stream().map(JavaClass::getPackage).distinct())
                .as("packages without @NullMarked: the compiler checks for nulls only where a package asks for it")
                .filteredOn(each -> !each.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .isEmpty();
    }

    @Test
    void time_isHandedIn() {
        readsNoClock(PRODUCT.and(not(in(".internal.time..")))).check(HOUSE);
    }

    @Test
    void time_isHandedIn_alsoWhereAClockIsPassedAsAMethod() {
        JavaClasses planted = new ClassFileImporter().importClasses(ReadsTheClock.class);

        assertThatThrownBy(() -> readsNoClock(alwaysTrue()).check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.time.Instant.now")
                .hasMessageContaining("java.lang.System.nanoTime");
    }

    @Test
    void nothing_printsButExamplesBenchmarksAndSeeds() {
        noClasses()
                .that(not(in(".examples..")).and(not(in(".benchmarks.."))).and(not(type(Seeds.class))))
                .should(ACCESS_STANDARD_STREAMS)
                .because("a library that prints writes into somebody else's output; Seeds prints for a failed test")
                .check(HOUSE);
    }

    @Test
    void failures_haveAKind() {
        noClasses()
                .that(PRODUCT)
                .should(THROW_GENERIC_EXCEPTIONS)
                .because("a caller can only act on a failure that says what kind it is")
                .check(HOUSE);
    }

    @Test
    void calls_block() {
        noCodeUnits()
                .that(describe("callers can see", ArchitectureTest::isVisible))
                .should()
                .haveRawReturnType(describe(
                        "a future",
                        type -> type.isAssignableTo(Future.class) || type.isAssignableTo(CompletionStage.class)))
                .because("one thread, one call, one stack trace: whoever wants concurrency hands over an executor")
                .check(HOUSE);
    }

    @Test
    void libraries_stayOutOfPublicSignatures() {
        DescribedPredicate<JavaClass> foreign = resideInAnyPackage(
                "org.postgresql..",
                "com.fasterxml..",
                "org.snakeyaml..",
                "org.slf4j..",
                "com.google..",
                "com.github.luben..");
        noCodeUnits()
                .that(describe("callers can see", ArchitectureTest::isVisible))
                .should(ArchCondition.from(describe("mention a library's type", unit -> Stream.concat(
                                unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                        .anyMatch(foreign))))
                .because("a driver in a signature makes its version a part of our promise")
                .check(HOUSE);
    }

    @Test
    void sabotage_knowsNothingOfTheProduct() {
        classes()
                .that(in(".examples.proof.sabotage.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "javax.sql..",
                        "org.postgresql..",
                        "org.jspecify..",
                        ROOT + ".examples.proof.sabotage.."))
                .because("whoever breaks a system to test its judge must not share a line with the judge")
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    @Test
    void publicSealedTypes_areFew() {
        assertThat(HOUSE.stream()
                        .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::reflect)
                        .filter(Class::isSealed))
                .as("public sealed types: each new case breaks every caller who switches over them")
                .containsExactlyInAnyOrder(NumberBasis.class);
    }

    private static ArchRule readsNoClock(DescribedPredicate<JavaClass> who) {
        return noClasses()
                .that(who)
                .should()
                .accessTargetWhere(target(describe(
                        "reads the time or waits",
                        (AccessTarget it) -> TIME.contains(it.getOwner().getName() + "." + it.getName()))))
                .because("time that is handed in can be moved by a test; one class owns the real one");
    }

    private static boolean isVisible(JavaCodeUnit unit) {
        JavaClass owner = unit.getOwner();
        return PRODUCT.and(not(in(".internal.."))).test(owner)
                && owner.getModifiers().contains(JavaModifier.PUBLIC)
                && (unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED));
    }

    private static DescribedPredicate<JavaClass> in(String packages) {
        return resideInAPackage(ROOT + packages);
    }

    private static String[] house(String... rooms) {
        return Arrays.stream(rooms).map(room -> ROOT + "." + room).toArray(String[]::new);
    }

    /** What the rule on time must find. */
    private static final class ReadsTheClock {
        private final LongSupplier ticker = System::nanoTime;

        @SuppressWarnings("unused")
        Instant later() {
            return Instant.now().plusNanos(ticker.getAsLong());
        }
    }
}
