import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import sondervoice.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0008_closed_agency_administrators"),
    ]

    operations = [
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sondervoice.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "access"),
                            ("export", "export"),
                            ("rectify", "rectify"),
                            ("erase", "erase"),
                            ("restrict", "restrict"),
                            ("object", "object"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("door", "Door"), ("staff", "Staff")], max_length=8
                    ),
                ),
                ("asking_id", models.UUIDField(null=True)),
                ("phone_index", models.BinaryField(max_length=32)),
                ("phone_sealed", models.BinaryField()),
                ("email_sealed", models.BinaryField(default=b"")),
                ("words_sealed", models.BinaryField(default=b"")),
                (
                    "verified",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "in_person"),
                            ("called_back", "called_back"),
                            ("known", "known"),
                            ("in_writing", "in_writing"),
                        ],
                        max_length=12,
                    ),
                ),
                ("entered_by", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("extended_at", models.DateTimeField(null=True)),
                ("extension_sealed", models.BinaryField(default=b"")),
                (
                    "checkpoint",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("approved", "approved"),
                            ("erasing", "erasing"),
                            ("held", "held"),
                            ("copies", "copies"),
                            ("proved", "proved"),
                            ("packed", "packed"),
                            ("marked", "marked"),
                            ("answered", "answered"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("moved_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
                (
                    "refusal_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("identity", "identity"),
                            ("excessive", "excessive"),
                            ("others", "others"),
                            ("obligation", "obligation"),
                            ("health", "health"),
                            ("archiving", "archiving"),
                            ("claims", "claims"),
                            ("correct", "correct"),
                            ("compelling", "compelling"),
                        ],
                        max_length=12,
                    ),
                ),
                ("refusal_sealed", models.BinaryField(default=b"")),
                ("reminded_days", models.PositiveSmallIntegerField(null=True)),
                ("stuck_at", models.DateTimeField(null=True)),
                ("concluded_at", models.DateTimeField(null=True)),
                ("package_until", models.DateTimeField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CallerMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sondervoice.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("restricted", "Restricted"),
                            ("objected", "Objected"),
                        ],
                        max_length=10,
                    ),
                ),
                ("caller_index", models.BinaryField(max_length=32)),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.UUIDField(null=True)),
                ("reason_sealed", models.BinaryField(default=b"")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="rights.rightsrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RightsStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sondervoice.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "checkpoint",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("approved", "approved"),
                            ("erasing", "erasing"),
                            ("held", "held"),
                            ("copies", "copies"),
                            ("proved", "proved"),
                            ("packed", "packed"),
                            ("marked", "marked"),
                            ("answered", "answered"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("counts", models.JSONField(default=dict)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="rights.rightsrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="rightsrequest",
            index=models.Index(
                condition=models.Q(("concluded_at", None)),
                fields=["organization", "due_on"],
                name="rights_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.UniqueConstraint(
                fields=("organization", "asking_id", "kind"), name="rights_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asking_id__isnull", False), ("source", "door")),
                    models.Q(
                        ("asking_id", None),
                        ("entered_by__isnull", False),
                        ("source", "staff"),
                    ),
                    _connector="OR",
                ),
                name="rights_says_who_took_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("forgotten_at", None),
                        models.Q(("phone_index", b""), _negated=True),
                    ),
                    models.Q(
                        ("email_sealed", b""),
                        ("forgotten_at__isnull", False),
                        ("phone_index", b""),
                        ("phone_sealed", b""),
                        ("words_sealed", b""),
                    ),
                    _connector="OR",
                ),
                name="rights_forgets_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="callermark",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("organization", "kind", "caller_index"),
                name="caller_mark_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsstep",
            constraint=models.UniqueConstraint(
                fields=("organization", "request", "number"), name="rights_step_once"
            ),
        ),
    ]
