import prisma.compiler


def test_the_public_names():
    assert sorted(prisma.compiler.__all__) == [
        "CompilerError",
        "CompilerPanic",
        "DatasourceUrls",
        "ModuleMismatchError",
        "PlanStore",
        "QueryCompiler",
        "SchemaError",
        "UrlExpression",
        "cache_folder",
        "datasource_urls",
        "format",
        "get_config",
        "get_dmmf",
        "validate",
    ]
    assert all(hasattr(prisma.compiler, name) for name in prisma.compiler.__all__)
